"""What a policy is: fields, match expressions, rules, routes and requests. No input, no output, no libraries."""
