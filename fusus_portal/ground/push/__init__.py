"""Push notices (Web Push): a browser of agency people shows one sentence when something waits for them."""
