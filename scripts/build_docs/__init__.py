"""The pages of the documentation that follow from declarations; `python -m scripts.build_docs` writes them."""
