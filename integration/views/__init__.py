"""What is answered to browsers and to devices."""
