"""The rows of addresses of streets, of letters that confirm places, and of text messages. See `urls`."""

from tests.access.who import ADMINISTRATOR, CLERK, EVERYONE, OWNERS, SIGNED_IN, Row

PLACES: dict[str, Row] = {
    "street_map": Row(EVERYONE),
    "suggest_places": Row(SIGNED_IN),
    "around_place": Row(SIGNED_IN),
    "text_inbound": Row(EVERYONE),
    "text_status": Row(EVERYONE),
    "texts": Row(OWNERS),
    "texts_number": Row(OWNERS),
    "texts_again": Row(OWNERS),
    "texts_choose": Row(OWNERS),
    "texts_off": Row(OWNERS),
    "letter_new": Row(OWNERS),
    "place_code": Row(OWNERS),
    "place_code_scanned": Row(OWNERS),
    "letter_batches": Row(CLERK),
    "letter_batch_open": Row(CLERK),
    "street_list": Row(ADMINISTRATOR),
    "street_data": Row(ADMINISTRATOR),
    "street_progress": Row(ADMINISTRATOR),
    "street_use": Row(ADMINISTRATOR),
    "street_discard": Row(ADMINISTRATOR),
    "missing_addresses": Row(ADMINISTRATOR),
    "missing_address": Row(ADMINISTRATOR),
    "missing_address_add": Row(ADMINISTRATOR),
    "missing_address_accept": Row(ADMINISTRATOR),
    "added_address_take_out": Row(ADMINISTRATOR),
}
