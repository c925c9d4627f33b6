"""WSGI 入口: the application object that the server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from sanyi.web.turns import in_turn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
application = in_turn(get_wsgi_application())
_ = get_resolver().url_patterns  # every page is loaded before the first one is asked for
gc.freeze()  # what is loaded now stays: looking through it again and again would only take time from the requests
