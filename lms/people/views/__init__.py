"""Pages of the account: signing in, activation, password, one's own data."""
