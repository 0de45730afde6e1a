"""Letters with a code, which confirm that whoever registered a place gets mail there."""
