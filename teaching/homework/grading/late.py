"""Late work: a tenth of the marks for each day begun, down to none. Without a due date nothing is late."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float


class PerDay(BasePlugin):
    """nbgrader asks this for the penalty of a late notebook; c.PerDay.share in nbgrader_config.py changes it."""

    share = Float(0.1, help="Part of the marks that each day begun costs.").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * min(1.0, self.share * math.ceil(total_seconds_late / 86400))
