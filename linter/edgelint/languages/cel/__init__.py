"""CEL, the Common Expression Language, as cel-go's standard environment reads, checks and evaluates it."""
