"""What is known beyond the facts: what rules come to on the way of a request, worked out from them and asked by checks."""
