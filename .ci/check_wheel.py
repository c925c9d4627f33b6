"""Fail when the built wheel lacks something that a user's machine needs."""

import sys
import zipfile
from pathlib import Path

REQUIRED = (
    "sanyi/web/templates/base.html",
    "sanyi/web/static/vendor/echarts/echarts.min.js",
    "sanyi/web/locale/en/LC_MESSAGES/django.mo",
    "sanyi/insurance/grouping/data/",
    "sanyi/insurance/grouping/policy/scheme.yaml",
    "sanyi/exchange/mapping/data/",
    "sanyi/registry/places/data/",
    "sanyi/registry/access/policy/roles.yaml",
    "sanyi/demo/profiles/ruicheng.yaml",
    "sanyi/kernel/data/holidays_cn.yaml",
)

wheel = next(Path(sys.argv[1]).glob("*.whl"))
names = zipfile.ZipFile(wheel).namelist()
missing = [path for path in REQUIRED if not any(name.startswith(path) for name in names)]
if missing:
    sys.exit(f"{wheel.name} lacks: {', '.join(missing)}")
print(f"{wheel.name}: {len(names)} files, nothing missing")
