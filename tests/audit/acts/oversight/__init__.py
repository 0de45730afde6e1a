"""How the services of what people look at who do not act are called."""
