"""Log lines: one JSON object each, with declared keys only, so that nothing personal slips in by an `extra`."""

import json
import logging
import re
from datetime import UTC, datetime

DECLARED = (
    "request_id",
    "actor",
    "object",
    "record",
    "method",
    "route",
    "status",
    "milliseconds",
    "job",
    "event",
    "count",
    "head",
)
"""What a logging call may pass as `extra`; anything else is left out of the line."""


LONGEST = 20_000
"""Letters of a message or of a traceback; of longer ones the beginning and the end are kept."""

# What must not be kept even where an address or an error carries it: tokens in addresses, credentials in headers, values of rows
# in PostgreSQL's details, and anything that looks like a cipher text of ours.
_HIDDEN = re.compile(
    r"(?<=/)[A-Za-z0-9_-]{24,}(?=/|\b)"
    r"|(?<=[?&]code=)[^&\s]+|(?<=[?&]token=)[^&\s]+|(?<=[?&]state=)[^&\s]+"
    r"|(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/=-]{8,}"
    r"|gAAAA[A-Za-z0-9_=-]{20,}"
    r"|(?<=DETAIL:)[^\n]*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)


def without_secrets(text: str) -> str:
    """`text` with what looks like a secret replaced by ***, and its middle left out when it is too long."""
    text = _HIDDEN.sub("***", text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


class Line(logging.Formatter):
    """Render a log record as one line of JSON; control characters, line ends among them, come out escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        for key in DECLARED:
            value = getattr(record, key, None)
            if value is not None:
                line[key] = value if isinstance(value, int | float | bool) else str(value)
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
