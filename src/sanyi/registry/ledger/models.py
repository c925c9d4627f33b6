"""账簿模型: accounts, entries, postings; what is posted is never changed or deleted."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sanyi.kernel.money import FEN_MAX
from sanyi.registry.ledger.codes import AccountKind

CODE_LENGTH = 64


class PostedIsPostedError(RuntimeError):
    """已记账不可改: a fault of the program; mistakes are mended by a reversing entry."""


class PostedQuerySet(models.QuerySet[Any]):
    """已记账数据的查询: reads and adds, nothing else."""

    def update(self, **values: Any) -> NoReturn:
        """不可更新."""
        raise PostedIsPostedError("posted entries are never updated")

    def delete(self) -> NoReturn:
        """不可删除."""
        raise PostedIsPostedError("posted entries are never deleted")


class Posted(models.Model):
    """不可变的行: written once."""

    objects = PostedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """写入: once."""
        if not self._state.adding:
            raise PostedIsPostedError("posted entries are never updated")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """不可删除."""
        raise PostedIsPostedError("posted entries are never deleted")


class Account(models.Model):
    """科目: of the books of one organisation, open from a day to a day (both included)."""

    organisation_code = models.CharField(max_length=CODE_LENGTH)
    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_code", "code"], name="account_once_per_book"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AccountKind]), name="account_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="account_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Entry(Posted):
    """凭证: balanced, of one book, on one day; a reversal names the entry that it undoes."""

    number = models.BigAutoField(primary_key=True)
    organisation_code = models.CharField(max_length=CODE_LENGTH)
    posted_on = models.DateField()
    description = models.CharField(max_length=200)
    document_kind = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    document_id = models.CharField(max_length=128, blank=True, default="")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(debit_fen=F("credit_fen")), name="entry_is_balanced"),
            models.CheckConstraint(condition=Q(debit_fen__gt=0, debit_fen__lte=FEN_MAX), name="entry_amount_in_bounds"),
            models.UniqueConstraint(
                fields=["organisation_code", "document_kind", "document_id"],
                condition=~Q(document_id=""),
                name="entry_once_per_document",
            ),
        ]
        indexes = [models.Index(fields=["organisation_code", "posted_on"], name="entry_by_book")]

    def __str__(self) -> str:
        return f"#{self.number}"


class Posting(Posted):
    """分录: one side of one account."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    debit_fen = models.BigIntegerField(default=0)
    credit_fen = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "line"], name="posting_once_per_line"),
            models.CheckConstraint(
                condition=Q(debit_fen__gt=0, debit_fen__lte=FEN_MAX, credit_fen=0)
                | Q(credit_fen__gt=0, credit_fen__lte=FEN_MAX, debit_fen=0),
                name="posting_has_one_side",
            ),
        ]
        indexes = [models.Index(fields=["account", "entry"], name="posting_by_account")]

    def __str__(self) -> str:
        return f"{self.debit_fen or -self.credit_fen}"
