"""Responses of the web server's loop itself, in two languages: without a request the reader's language is unknown."""

from dataclasses import dataclass
from http import HTTPStatus

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that ends the connection: status and sentence in two languages. wait: Retry-After in seconds, or 0."""

    status: HTTPStatus
    english: str
    spanish: str
    wait: int = 0

    def as_bytes(self) -> bytes:
        text = f"{self.english}\n{self.spanish}\n".encode()
        head = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            "Connection: close",
            "Content-Type: text/plain; charset=utf-8",
            "X-Content-Type-Options: nosniff",
            "Cache-Control: no-store",
            f"Content-Length: {len(text)}",
        ]
        if self.wait:
            head.append(f"Retry-After: {self.wait}")
        return "\r\n".join([*head, "", ""]).encode() + text


TOO_SLOW = Answer(
    HTTPStatus.REQUEST_TIMEOUT,
    "The connection was too slow, so nothing was changed. Please try again.",
    "La conexión era demasiado lenta y no se cambió nada. Inténtelo de nuevo.",
)
NO_ROOM = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "There is too much to do right now. Please try again in a moment.",
    "Hay demasiada actividad en este momento. Inténtelo de nuevo en un momento.",
    wait=5,
)
TOO_MANY = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many connections come from your network. Close some, or try again in a moment.",
    "Hay demasiadas conexiones desde su red. Cierre algunas o inténtelo de nuevo en un momento.",
    wait=5,
)
LENGTH_REQUIRED = Answer(
    HTTPStatus.LENGTH_REQUIRED,
    "Say how long the body is (Content-Length).",
    "Indique la longitud del contenido (Content-Length).",
)
BODY_TOO_LARGE = Answer(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "That is more than a form can take. Choose a smaller file.",
    "Es más de lo que admite un formulario. Elija un archivo más pequeño.",
)
HEAD_TOO_LARGE = Answer(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "The request has too many headers. Delete the cookies of this site and try again.",
    "La solicitud tiene demasiados encabezados. Borre las cookies de este sitio e inténtelo de nuevo.",
)
