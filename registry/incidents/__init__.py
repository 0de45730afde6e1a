"""Incidents: types, numbers, dispatch, timeline, and the start page."""
