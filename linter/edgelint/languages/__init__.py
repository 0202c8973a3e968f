"""One file for each expression language: text in, match expression out."""
