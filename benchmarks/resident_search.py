"""Resident search with 300,000 residents and 10 people at once; loading them; list pages; sign-in.

    .venv/bin/python benchmarks/resident_search.py [--residents N] [--users N] [--searches N] [--home FOLDER]
                                                   [--database postgresql://user@host:port/name]

Residents are made in columns, loaded through the same service as real ones, and searched through the real site
(`sanyi serve`, sessions, access, audit entry and all). With ``--database`` (or SANYI_DATABASE_URL) it runs on
PostgreSQL; give an empty database. A home folder that is kept, with its database, is filled once and used again; the
keys that seal the numbers lie in the home. Limits: search P95 150 ms, any list page P95 500 ms, sign-in P50 250 ms
(on PostgreSQL), loading 300,000 people 60 s. Processor milliseconds of the server for each answer are printed beside,
because other work on the machine changes the seconds, but hardly them. Ten people search twice: reading each answer
for a second or so, and without any pause, which no county has and which shows how far the machine is from its end.
"""

import argparse
import http.client
import os
import platform
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

COUNTY, COUNTY_CODE, PASSWORD = "G14083000001", "140830000000", "benchmark-示例-2025"
ROLES = ("insurance_officer", "cdc_staff", "health_bureau", "township_doctor", "village_doctor") * 2
PAUSE_SECONDS = 1  # nobody at a counter sends the next search before the answer was looked at
SEARCH_P95_MS, LIST_P95_MS, SIGN_IN_P50_MS, LOADING_SECONDS = 150, 500, 250, 60
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "安平宁康和顺祥瑞福庆春夏秋冬明华丽芳军强伟敏静杰涛艳勇娟秀英霞兰玉梅红林建国文"
LISTS = (
    *("/people/", f"/people/?q={quote('王')}", "/organisations/", "/places/140830000000/", "/cases/", "/notices/"),
    *("/grouping/stays/", "/intake/", "/mapping/", "/staff/", "/runs/", "/audit/"),
)


def main() -> int:
    """Print every figure with its ratio to the limit; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=300_000)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--searches", type=int, default=40, help="per user")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--database", help="address of a PostgreSQL database; SQLite in the home folder without it")
    options = parser.parse_args()
    if options.database:
        os.environ["SANYI_DATABASE_URL"] = options.database
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        os.environ |= {
            "SANYI_HOME": str(options.home or folder),
            "SANYI_COUNTY": COUNTY_CODE,
            "DJANGO_SETTINGS_MODULE": "sanyi.web.settings",
        }
        database = "PostgreSQL" if os.environ.get("SANYI_DATABASE_URL") else "SQLite"
        print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version(), database)
        misses = fill(options.residents)
        numbers = sample_numbers()
        port, server = serve()
        try:
            browsers, sign_ins = sign_in_all(port, options.users)
            print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
            misses += report("sign-in", sign_ins, 0.50, SIGN_IN_P50_MS)
            for pause in (PAUSE_SECONDS, 0):
                misses += measured(server.pid, browsers, numbers, options.searches, pause)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    return int(misses > 0)


def measured(server, browsers, numbers, searches, pause):
    """Everybody searches and lists at once; every figure, and how many limits were missed."""
    print(f"\n{len(browsers)} people who read an answer for {pause:g} s" if pause else "\nthe same without any pause")
    spent = processor_seconds(server)
    found = together(browsers, numbers, searches, pause)
    spent = processor_seconds(server) - spent
    print(f"processor of the server: {1000 * spent / len(found):.1f} ms a search or list page")
    print("load after", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
    line([ms for _, ms in together(browsers, [], 0, pause, ("/healthz",) * 20)], "  the smallest answer of all")
    for kind in sorted({kind for kind, _ in found}):
        line([ms for one, ms in found if one == kind], f"  {kind}")
    misses = report("search", [ms for kind, ms in found if not kind.startswith("list")], 0.95, SEARCH_P95_MS)
    return misses + report("list page", [ms for kind, ms in found if kind.startswith("list")], 0.95, LIST_P95_MS)


# --- a county to search in -------------------------------------------------------------------------------------------


def fill(count: int) -> int:
    """Migrate, register the county's institutions and its residents; nothing when the home is filled already."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations
    from sanyi.registry.people.models import Person
    from sanyi.registry.people.services import load_people
    from sanyi.registry.places import services as places
    from sanyi.registry.places.codes import Level

    if Person.objects.exists():
        return 0
    places.load_places(COUNTY_CODE)
    villages = places.places_in(COUNTY_CODE, Level.VILLAGE)
    organisations.register_all(list(institutions(list(villages))), by=access.SYSTEM)
    make_users()
    people, cards = residents(count, [village.code for village in villages])
    began = time.perf_counter()
    loaded = load_people(people, cards, by=access.SYSTEM)
    seconds = time.perf_counter() - began
    print(f"loading {loaded.created_count:,} residents: {seconds:.1f} s, {seconds / LOADING_SECONDS:.2f} of the limit")
    return int(seconds > LOADING_SECONDS)


def institutions(villages):
    """The county, a hospital for each township, a clinic for each village."""
    yield {"code": COUNTY, "name": "芮城县", "kind": "county", "place_id": COUNTY_CODE}
    for township in sorted({village.parent_id for village in villages}):
        yield {
            "code": hospital_of(township),
            "name": f"卫生院{township[6:9]}",
            "kind": "township_hospital",
            "parent_id": COUNTY,
        }
    for village in villages:
        yield {
            "code": clinic_of(village.code),
            "name": f"{village.name}卫生室",
            "kind": "village_clinic",
            "parent_id": hospital_of(village.parent_id),
            "place_id": village.code,
        }


def hospital_of(township):
    return f"H14083{township[6:9]}000"


def clinic_of(village):
    return f"C14083{village[6:12]}"


def residents(count, villages):
    """People and their identity cards in columns: a rural county's ages, the unassigned prefix 99, invented names."""
    import numpy as np
    import polars as pl

    from sanyi.registry.people.rules import columns

    chance = np.random.default_rng(1)
    place = chance.integers(0, len(villages), count)
    born_on = np.datetime64("2025-01-01") - chance.integers(0, 95 * 365, count)
    codes = np.array(villages)
    frame = pl.DataFrame(
        {
            "reference": np.arange(count),
            "name": pl.Series(np.array(list(SURNAMES))[chance.integers(0, len(SURNAMES), count)])
            + "示"
            + pl.Series(np.array(list(GIVEN))[chance.integers(0, len(GIVEN), count)]),
            "born_on": born_on,
            "serial": chance.integers(1, 990, count),
            "place_code": codes[place],
            "managing_organisation_code": np.array([clinic_of(village) for village in villages])[place],
            "household_number": np.arange(count) // 3,
            "phone": chance.integers(0, 10**8, count) + 13_900_000_000,
        }
    ).with_columns(
        pl.col("reference", "household_number", "phone").cast(pl.String),
        pl.col("born_on").cast(pl.Date),
        sex=pl.when(pl.col("serial") % 2 == 1).then(pl.lit("1")).otherwise(pl.lit("2")),
    )
    first = pl.concat_str(
        pl.lit("991408"), pl.col("born_on").dt.strftime("%Y%m%d"), pl.col("serial").cast(pl.String).str.zfill(3)
    )
    frame = frame.with_columns(first=first).unique("first", maintain_order=True)
    frame = frame.with_columns(number=pl.concat_str("first", columns.check_character(pl.col("first"))))
    cards = frame.select("reference", "number", kind=pl.lit("id_card"))
    return frame.drop("serial", "first", "number"), cards


def make_users():
    """One user for each of the ten at once, at an institution that fits the role."""
    from django.contrib.auth.models import User

    from sanyi.registry.access import services as access
    from sanyi.registry.organisations.models import Organisation

    def of_kind(kind):
        return list(Organisation.objects.filter(kind=kind).order_by("code").values_list("code", flat=True))

    homes = {"township_doctor": of_kind("township_hospital"), "village_doctor": of_kind("village_clinic")}
    for place, role in enumerate(ROLES):
        user = User.objects.create_user(f"user{place}", password=PASSWORD)
        home = homes.get(role, [COUNTY])
        access.grant_role(user, role, home[place % len(home)], by=access.SYSTEM)


def sample_numbers():
    """Some numbers that exist, opened from the index, so that a kept home needs nothing beside it."""
    from sanyi.registry.people.models import Credential
    from sanyi.registry.people.services import sealing

    rows = Credential.objects.order_by("lookup")[:200]
    return [sealing.unseal(sealing.CREDENTIAL_VALUE, row.key_id, row.value_ciphertext) for row in rows]


# --- ten people at the site ------------------------------------------------------------------------------------------


class Browser:
    """A signed-in reader with a connection and cookies of its own."""

    def __init__(self, port):
        self.connection, self.cookies = http.client.HTTPConnection("127.0.0.1", port, timeout=60), {}

    def ask(self, method, path, data=None):
        """Status, text and the address it leads to."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**data, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        answer = self._answer(method, path, body, headers)
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return answer.status, text, answer.headers.get("Location", "")

    def _answer(self, method, path, body, headers):
        """The server closes connections that were idle for long; as a browser does, a new one is opened then."""
        for is_last in (False, True):
            try:
                self.connection.request(method, path, body, headers)
                return self.connection.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                if is_last:
                    raise
        raise AssertionError("the loop returns or raises")

    def sign_in(self, name):
        """Milliseconds of the sign-in itself, without reading the form first."""
        self.ask("GET", "/sign-in/")
        began = time.perf_counter()
        status, text, _ = self.ask("POST", "/sign-in/", {"username": name, "password": PASSWORD})
        if status != 302:
            raise SystemExit(f"sign-in answered {status}: {re.sub('<[^>]+>', ' ', text)[:300]}")
        return (time.perf_counter() - began) * 1000


def sign_in_all(port, users):
    """Each signs in three times; the last session is kept."""
    browsers, times = [], []
    for place in range(users):
        for _ in range(3):
            browser = Browser(port)
            times.append(browser.sign_in(f"user{place % len(ROLES)}"))
        browsers.append(browser)
    return browsers, times


def together(browsers, numbers, searches, pause, lists=LISTS):
    """Everybody searches at once, reading each answer for the pause or so; kind and milliseconds of every search."""
    found, failures, barrier = [], [], threading.Barrier(len(browsers))

    def work(place, browser):
        try:
            walk(place, browser)
        except Exception as error:  # noqa: BLE001  (told below; figures of a broken run are worth nothing)
            failures.append(f"user{place}: {error!r}")

    def walk(place, browser):
        chance = random.Random(place)
        barrier.wait()
        time.sleep(pause * chance.random())  # at work together, but not all pressing the key in the same instant
        for turn in range(searches + len(lists)):
            kind, steps = a_list(lists[turn - searches]) if turn >= searches else a_search(chance, numbers)
            began = time.perf_counter()
            for method, path, data in steps:
                status, _, leads_to = browser.ask(method, path, data)
                if status == 302:
                    status, _, _ = browser.ask("GET", leads_to)
            if status not in (200, 403, 404):  # a foreign number is refused; that is an answer, too
                raise RuntimeError(f"{path} answered {status}")
            found.append((kind, (time.perf_counter() - began) * 1000))
            time.sleep(pause * chance.uniform(0.5, 1.5))

    threads = [threading.Thread(target=work, args=(place, one)) for place, one in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit("\n".join(failures))
    return found


def a_search(chance, numbers):
    """What a counter types: mostly names, some phones and numbers."""
    surname, given = chance.choice(SURNAMES), chance.choice(GIVEN)
    kind = chance.choice(["surname", "begin of name", "begin of name", "name", "name", "phone", "number"])
    if kind == "number":
        return kind, [("POST", "/people/", {"q": chance.choice(numbers)})]
    words = {"surname": surname, "begin of name": surname + "示", "name": f"{surname}示{given}"}
    return kind, [("GET", f"/people/?q={quote(words.get(kind, f'{chance.randrange(10_000):04d}'))}", None)]


def a_list(path):
    return f"list {path}", [("GET", path, None)]


def serve():
    """The site as `sanyi serve` starts it, without the worker beside it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sanyi.web.command_line", "serve", "--port", str(port), "--no-worker"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            if Browser(port).ask("GET", "/sign-in/")[0] == 200:
                return port, server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server ended by itself")


def processor_seconds(pid):
    """Of the server and the processes it has started, as the system counts them; without such a count, nothing."""
    family, total = {pid}, 0
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == pid or int(fields[1]) in family:
            family.add(int(folder.name))
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


# --- figures ---------------------------------------------------------------------------------------------------------


def line(times, name):
    print(f"{name}: {len(times)} times, P50 {quantile(times, 0.5):.0f} ms, P95 {quantile(times, 0.95):.0f} ms")


def report(name, times, share, limit):
    """Prints one figure with its ratio; 1 when the limit is missed."""
    value = quantile(times, share)
    line(times, name)
    print(f"{name}: P{share * 100:.0f} {value:.0f} ms, {value / limit:.2f} of the limit of {limit} ms")
    return int(value > limit)


def quantile(times, share):
    return statistics.quantiles(times, n=100)[round(share * 100) - 1] if len(times) > 1 else times[0]


if __name__ == "__main__":
    sys.exit(main())
