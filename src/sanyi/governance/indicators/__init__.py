"""指标监测: one definition per word and version, values with history, targets beside them."""
