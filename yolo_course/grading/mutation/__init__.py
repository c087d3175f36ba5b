"""How sharp the checks are: small bugs are planted in each solution, and the checks must notice them."""
