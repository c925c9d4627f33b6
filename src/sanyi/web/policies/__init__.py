"""政策参数页面: every value that any rule may use, with dates, jurisdiction, basis and what is only assumed."""
