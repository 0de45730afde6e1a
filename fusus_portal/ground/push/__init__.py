"""Push notices (Web Push): the browser of an agency person shows one sentence when something waits for them."""
