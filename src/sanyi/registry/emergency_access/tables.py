"""紧急调阅表单: what a clinician says before one record opens."""

from sanyi.kernel.tables import Column, ColumnType, TableContract

REQUEST = TableContract(
    name="emergency_access",
    zh="紧急调阅申请",
    en="Emergency access request",
    version="1",
    columns=(
        Column(
            "reason",
            "调阅理由",
            "Reason",
            ColumnType.TEXT,
            is_required=True,
            max_length=500,
            help_zh="写明患者情况和调阅的必要性，例如：患者昏迷送诊，需了解既往用药。事后由审计人员复核。",
            help_en="Say what state the patient is in and why the record is needed. An auditor reviews it afterwards.",
        ),
    ),
    natural_key=("reason",),
    description_zh="紧急调阅一名居民的记录时填写。",
    description_en="Filled in when one resident’s record is opened in an emergency.",
)
