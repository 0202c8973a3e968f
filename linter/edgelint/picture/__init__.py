"""What every rule of a policy comes to, as data to be shown: what each catches, the routes it touches, and where rules meet."""
