"""会话存取: sessions in the database as Django keeps them, found by a statement that is written out once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from sanyi.registry.statements import rows_of


class SessionStore(DatabaseStore):
    """会话: every page asks for one."""

    def _get_session_from_db(self) -> Session | None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        found = rows_of(Session, "session_key = %s AND expire_date > %s", [self.session_key, now])
        if found:
            return found[0]
        self._session_key = None
        return None
