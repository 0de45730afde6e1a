"""Reference client of the device API: it does the work of a CORE, and uses only the portal's rules and signatures."""
