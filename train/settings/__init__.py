"""Run configs: what they mean, how they are found and read, and what is wrong with them."""
