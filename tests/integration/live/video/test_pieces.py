"""Bytes that count as a piece of video, and lines that a playlist may have."""

import os

import pytest

from integration.live.video import hls
from integration.live.video.hls import LARGEST_BYTES, MOST_ENTRIES, BadPlaylist, Entry, NotVideo, Playlist
from tests.integration.live.streaming import numbers_of, pieces, playlist, with_sound


def test_a_piece_of_video_is_taken() -> None:
    for piece in pieces():
        hls.check(piece)


@pytest.mark.parametrize("place", [12, 17], ids=["of the program", "of the stream"])
def test_what_a_camera_says_beside_its_picture_is_passed_over(place: int) -> None:
    piece, said = pieces()[0], b"\x05\x04HDMV"
    table = piece.index(b"\0\x02\xb0")
    end = (table // 188 + 1) * 188
    longer = bytearray(piece[table : end - len(said)])
    longer[3] += len(said)
    longer[place] += len(said)
    longer[place + 1 : place + 1] = said
    hls.check(piece[:table] + bytes(longer) + piece[end:])


def test_a_table_that_begins_later_in_its_packet_is_read() -> None:
    piece = pieces()[0]
    table = piece.index(b"\0\x02\xb0")
    end = (table // 188 + 1) * 188
    hls.check(piece[:table] + b"\x01\xff" + piece[table + 1 : end - 1] + piece[end:])


def test_sound_is_not() -> None:
    with pytest.raises(NotVideo, match="no sound"):
        hls.check(with_sound())


def without_pictures(piece: bytes) -> bytes:
    """Return the tables of a piece alone."""
    return b"".join(
        piece[at : at + 188] for at in range(0, len(piece), 188) if (piece[at + 1] & 0x1F) << 8 | piece[at + 2] != 256
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x47",
        b"\x47" + b"\0" * 187,
        b"\x47" * 188 * 4,
        b"\0\0\0\x18ftypmp42" + b"\0" * (188 - 12),
        os.urandom(188 * 10),
        pieces()[0][:-1],
        pieces()[0][188:] + b"\0" * 188,
        pieces()[0][188 * 3 :],
        without_pictures(pieces()[0]),
        pieces()[0].replace(b"\0\0\1\xe0", b"\0\0\0\xe0"),
    ],
    ids=[
        "nothing",
        "a byte",
        "an empty packet",
        "signs",
        "mp4",
        "chance",
        "cut",
        "a hole",
        "no tables",
        "no picture",
        "no code at the start of a picture",
    ],
)
def test_anything_else_is_not(body: bytes) -> None:
    with pytest.raises(NotVideo):
        hls.check(body)


def test_a_playlist_is_read_and_another_one_written() -> None:
    read = hls.read(playlist(7, 3))
    assert numbers_of(read) == (7, 8, 9)
    written = hls.write(Playlist((Entry(7, 1.0), Entry(8, 1.4)), breaks=2))
    assert written.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        "#EXT-X-TARGETDURATION:1",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-DISCONTINUITY-SEQUENCE:2",
        "#EXTINF:1.000000,",
        "7.ts",
        "#EXTINF:1.400000,",
        "8.ts",
    ]


def test_names_with_a_word_before_the_number_are_read() -> None:
    named = playlist(1, 2).replace(b"1.ts", b"live1.ts").replace(b"2.ts", b"live2.ts")
    assert numbers_of(hls.read(named)) == (1, 2)


GOOD = playlist(1, 1)
FULL = GOOD + b"\n" * (LARGEST_BYTES - len(GOOD))
LONGEST = GOOD.replace(b"1.000000", b"10")


@pytest.mark.parametrize("body", [FULL, LONGEST, playlist(1, MOST_ENTRIES)])
def test_a_playlist_at_a_bound_is_read(body: bytes) -> None:
    assert hls.read(body).entries


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1.ts",
        GOOD.replace(b"1.ts", b"http://elsewhere.example/1.ts"),
        GOOD.replace(b"1.ts", b"//elsewhere.example/1.ts"),
        GOOD.replace(b"1.ts", b"../1.ts"),
        GOOD.replace(b"1.ts", b"1.ts?x=1"),
        GOOD.replace(b"1.ts", b"1.mp4"),
        GOOD + b'#EXT-X-KEY:METHOD=AES-128,URI="https://elsewhere.example/key"\n',
        GOOD + b'#EXT-X-MAP:URI="https://elsewhere.example/init"\n',
        GOOD + b"#EXT-X-STREAM-INF:BANDWIDTH=1\n",
        GOOD + b"# a remark\n",
        GOOD + b"2.ts\n",
        GOOD + b"#EXTINF:1.0,\n9.ts\n",
        GOOD.replace(b"1.000000", b"1e9"),
        GOOD.replace(b"1.000000", b"0"),
        GOOD.replace(b"1.000000,", b"1.0,a title"),
        GOOD.replace(b":6", b":six"),
        GOOD + "é".encode(),
        LONGEST.replace(b"10", b"10.000001"),
        playlist(1, MOST_ENTRIES + 1),
        FULL + b"\n",
    ],
)
def test_a_playlist_says_nothing_else(body: bytes) -> None:
    with pytest.raises(BadPlaylist):
        hls.read(body)
