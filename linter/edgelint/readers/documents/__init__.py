"""Text documents: text in, plain values and the exact places of all of them out."""
