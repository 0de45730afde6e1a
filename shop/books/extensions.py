from fusus_portal.ground.worklist import sources
from shop.books import worklist


def register() -> None:
    sources.register(*worklist.SOURCES)
