"""Training of hitonami's own person detector, from pictures that hitonami draws."""
