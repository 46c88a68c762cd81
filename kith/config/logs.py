"""Log lines: one JSON object each, with declared keys only, so that nothing personal slips in by an `extra`."""

import json
import logging
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


class Line(logging.Formatter):
    """Render a log record as one line of JSON; control characters, line ends among them, come out escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for key in DECLARED:
            value = getattr(record, key, None)
            if value is not None:
                line[key] = value if isinstance(value, int | float | bool) else str(value)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
