"""How well a process model can be carried over: the factors, a team's assessment along them, what is missing next."""
