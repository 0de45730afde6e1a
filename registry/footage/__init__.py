"""Footage: uploads, files, custody, holds, retention."""
