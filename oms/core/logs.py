"""Log lines that cannot be forged: one line a record, as JSON."""

import json
import logging
import time


class OneLine(logging.Formatter):
    """A record as one JSON object: control characters arrive escaped.

    Whoever was refused a page gets a line, not a traceback: nothing is wrong with the program.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and getattr(record, "status_code", 500) >= 500:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
