"""演示登录: one user per role with a random password, printed once and kept in a file that only its owner reads."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from sanyi.demo.county import County
from sanyi.registry.access import services as access

_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O 1 l, which look alike on paper
_PASSWORD_LENGTH = 14


@dataclass(frozen=True, slots=True)
class Post:
    """岗位: a user name, the role, the kind of organisation where it is held, and the shown name."""

    username: str
    role: str
    kind: str
    shown: str


POSTS = (
    Post("insurance", "insurance_officer", "insurance_bureau", "医保经办"),
    Post("review", "insurance_officer", "insurance_bureau", "医保复核"),
    Post("leader", "county_leader", "county", "县领导"),
    Post("reform", "reform_office", "reform_office", "医改办"),
    Post("health", "health_bureau", "health_bureau", "卫健局"),
    Post("finance", "finance_officer", "finance_bureau", "财政"),
    Post("audit", "auditor", "audit_bureau", "审计"),
    Post("admin", "system_administrator", "health_bureau", "系统管理员"),
    Post("group", "group_director", "medical_group", "医疗集团负责人"),
    Post("director", "hospital_director", "county_hospital", "院长"),
    Post("office", "hospital_insurance_office", "county_hospital", "医院医保办"),
    Post("tcm", "hospital_insurance_office", "tcm_hospital", "中医院医保办"),
    Post("coder", "medical_record_coder", "county_hospital", "病案编码员"),
    Post("doctor", "hospital_doctor", "county_hospital", "县级医生"),
    Post("township", "township_doctor", "township_hospital", "乡镇医生"),
    Post("village", "village_doctor", "village_clinic", "乡村医生"),
    Post("pharmacist", "pharmacist", "county_hospital", "药师"),
    Post("cdc", "cdc_staff", "cdc", "疾控人员"),
    Post("resident", "resident", "township_hospital", "居民"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """登录信息: what is printed for one user."""

    username: str
    password: str
    role: str
    organisation: str


def password() -> str:
    """随机口令: anew for every build."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD_LENGTH))


def create(county: County, resident_id: str) -> list[SignIn]:
    """建立用户: one per post, all or nothing; ``resident_id`` is the person that the resident's user is."""
    frame = county.institutions.frame
    first: dict[str, tuple[str, str]] = {}
    for code, name, kind in frame.select("code", "name", "kind").iter_rows():
        first.setdefault(kind, (code, name))
    secret_of = {post.username: password() for post in POSTS}
    with ThreadPoolExecutor() as pool:  # the digest of a password is slow on purpose
        hashed = dict(zip(secret_of, pool.map(make_password, secret_of.values()), strict=True))
    made = []
    with transaction.atomic():
        for post in POSTS:
            code, name = first[post.kind]
            user = User.objects.create(username=post.username, password=hashed[post.username])
            own = resident_id if post.role == "resident" else ""
            access.set_identity(user, display_name=f"{post.shown}（演示）", person_id=own)
            access.grant_role(user, post.role, code, by=access.SYSTEM)
            made.append(SignIn(post.username, secret_of[post.username], access.role(post.role).zh, name))
    return made


def as_text(sign_ins: list[SignIn]) -> str:
    """登录文件: the content of ``sign-ins.txt``."""
    lines = [f"{one.username}\t{one.password}\t{one.role}\t{one.organisation}" for one in sign_ins]
    return "\n".join(["# 演示县登录：用户名、口令、角色、机构。口令为本次建立时随机生成。", *lines, ""])


def from_text(text: str) -> list[SignIn]:
    """读回登录文件: what ``as_text`` wrote."""
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [SignIn(*row) for row in rows if len(row) == 4]


def actor(username: str) -> access.Actor:
    """演示用户的行为人: with the rights of the role."""
    return access.actor_of_user(User.objects.get(username=username))
