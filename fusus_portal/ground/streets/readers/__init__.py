"""Reading what counties have: TIGER/Line shapefiles, and address points as shapefile, CSV or GeoJSON."""

from .rows import BadRow, HouseRow, SegmentRow, SiteRow, Unreadable
from .sources import Source, open_source

__all__ = ["BadRow", "HouseRow", "SegmentRow", "SiteRow", "Source", "Unreadable", "open_source"]
