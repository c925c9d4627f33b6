"""清单列（二）: the stay, diagnoses, procedures, durations, nursing, blood, discharge and doctor."""

from sanyi.exchange.settlement_list import codes
from sanyi.exchange.settlement_list.tables.forms import code, count, day, instant, minutes, several, text

STAY = (
    code("inpatient_type_code", "住院医疗类型", "Kind of stay", "ipt_med_type", choices=codes.INPATIENT_TYPE),
    code("admission_route_code", "入院途径", "Admission route", "adm_way", choices=codes.ADMISSION_ROUTE),
    code("treatment_type_code", "治疗类别", "Kind of treatment", "trt_type", choices=codes.TREATMENT_TYPE),
    instant("admitted_at", "入院时间", "Admitted at", "adm_time", is_required=True,
            help_zh="例如2025-03-01 09:30；没有时刻的只写日期。",
            help_en="For example 2025-03-01 09:30, or the date alone."),
    code("admission_department_code", "入院科别", "Admission department", "adm_caty", is_required=True, max_length=30,
         help_zh="医保科室代码。", help_en="Insurance code of the department."),
    text("transfer_departments", "转科科别", "Transfers", "refldept_dept", max_length=200,
         help_zh="多次转科以“→”连接。", help_en="Several transfers are joined by an arrow."),
    instant("discharged_at", "出院时间", "Discharged at", "dscg_time", is_required=True,
            help_zh="例如2025-03-08 10:00；没有时刻的只写日期。",
            help_en="For example 2025-03-08 10:00, or the date alone."),
    code("discharge_department_code", "出院科别", "Discharge department", "dscg_caty", is_required=True,
         max_length=30, help_zh="医保科室代码。", help_en="Insurance code of the department."),
    count("length_of_stay_days", "实际住院天数", "Length of stay", "act_ipt_days", unit="天", is_required=True,
          minimum=1, maximum=3660, help_zh="入院日与出院日合计为1天，当日入出院计1天。",
          help_en="The days of admission and discharge count as one."),
)  # fmt: skip

DIAGNOSES = (
    text("outpatient_diagnosis_name", "门急诊西医诊断", "Outpatient diagnosis", "otp_wm_dise", max_length=300),
    code("outpatient_diagnosis_code", "西医诊断疾病代码", "Outpatient diagnosis code", "wm_dise_code",
         max_length=40),
    text("outpatient_tcm_diagnosis_name", "门急诊中医诊断", "Outpatient TCM diagnosis", "otp_tcm_dise",
         max_length=300),
    code("outpatient_tcm_diagnosis_code", "中医诊断代码", "Outpatient TCM diagnosis code", "tcm_dise_code",
         max_length=40),
    several("diagnosis_codes", "出院诊断代码", "Diagnosis codes", "diag_code", is_required=True, max_length=40,
            help_zh="医保版2.0，主要诊断在前，以“|”分隔，例如I63.900|I10.x00x002。",
            help_en="Insurance edition 2.0, main diagnosis first, separated by “|”."),
    count("diagnosis_count", "诊断代码计数", "Count of diagnoses", "diag_code_cnt", minimum=0, maximum=200),
    several("admission_condition_codes", "入院病情", "Condition at admission", "adm_cond_type",
            choices=codes.ADMISSION_CONDITION,
            help_zh="与出院诊断一一对应，以“|”分隔：1有，2临床未确定，3情况不明，4无。",
            help_en="One for each diagnosis, separated by “|”."),
    several("tcm_diagnosis_codes", "出院中医诊断代码", "TCM diagnosis codes", "tcm_diag_code", max_length=40,
            help_zh="主病在前，证候在后，以“|”分隔。", help_en="Main disease first, then syndromes, separated by “|”."),
    several("procedure_codes", "手术操作代码", "Procedure codes", "oprn_oprt_code", max_length=40,
            help_zh="医保版2.0，主要手术在前，以“|”分隔；没有的留空。",
            help_en="Insurance edition 2.0, main procedure first, separated by “|”; empty when there was none."),
    count("procedure_count", "手术操作代码计数", "Count of procedures", "oprn_oprt_code_cnt", minimum=0, maximum=200),
    day("main_procedure_on", "主要手术操作日期", "Day of the main procedure", "oprn_oprt_date"),
    code("surgeon_code", "术者医师代码", "Surgeon", "oper_dr_code", max_length=30),
    code("anaesthesia_code", "麻醉方式", "Anaesthesia", "anst_way", max_length=10),
)  # fmt: skip

DURATIONS = (
    minutes("ventilator_minutes", "呼吸机使用时间", "Time on the ventilator", "vent_used_dura"),
    minutes("coma_before_admission_minutes", "颅脑损伤患者入院前昏迷时间", "Coma before admission",
            "pwcry_bfadm_coma_dura"),
    minutes("coma_after_admission_minutes", "颅脑损伤患者入院后昏迷时间", "Coma after admission",
            "pwcry_afadm_coma_dura"),
    several("icu_type_codes", "重症监护病房类型", "Kinds of intensive care", "scs_cutd_ward_type",
            choices=codes.ICU_TYPE),
    minutes("icu_minutes", "重症监护合计时间", "Time in intensive care", "scs_cutd_sum_dura"),
)  # fmt: skip

BLOOD_AND_NURSING = (
    several("blood_type_codes", "输血品种", "Blood products", "bld_cat", max_length=30,
            help_zh="多个品种以“|”分隔。", help_en="Several products are separated by “|”."),
    text("blood_amounts", "输血量", "Blood amounts", "bld_amt", max_length=100,
         help_zh="与品种一一对应，以“|”分隔。", help_en="One for each product, separated by “|”."),
    text("blood_units", "输血计量单位", "Blood units", "bld_unt", max_length=100,
         help_zh="与品种一一对应，以“|”分隔。", help_en="One for each product, separated by “|”."),
    count("special_nursing_days", "特级护理天数", "Days of special nursing", "spga_nurscare_days", unit="天",
          minimum=0, maximum=3660),
    count("first_level_nursing_days", "一级护理天数", "Days of first-level nursing", "lv1_nurscare_days", unit="天",
          minimum=0, maximum=3660),
    count("second_level_nursing_days", "二级护理天数", "Days of second-level nursing", "scd_nurscare_days",
          unit="天", minimum=0, maximum=3660),
    count("third_level_nursing_days", "三级护理天数", "Days of third-level nursing", "lv3_nurscare_days", unit="天",
          minimum=0, maximum=3660),
)  # fmt: skip

LEAVING = (
    code("discharge_way_code", "离院方式", "Discharge way", "dscg_way", is_required=True,
         choices=codes.DISCHARGE_WAY, help_zh="填2或3时须填拟接收机构。",
         help_en="2 and 3 need the receiving institution."),
    text("receiving_institution_name", "拟接收机构名称", "Receiving institution", "acp_medins_name", max_length=200),
    code("receiving_institution_code", "拟接收机构代码", "Receiving institution's code", "acp_optins_code",
         max_length=30),
    code("readmission_plan_code", "出院31天内再住院计划", "Readmission planned within 31 days",
         "days_rinp_flag_31", choices=codes.READMISSION_PLAN),
    text("readmission_purpose", "出院31天内再住院目的", "Purpose of the readmission", "days_rinp_pup_31",
         max_length=200),
)  # fmt: skip

DOCTOR = (
    text("doctor_name", "主诊医师姓名", "Doctor in charge", "chfpdr_name", is_personal=True, max_length=50),
    code("doctor_code", "主诊医师代码", "Doctor's code", "chfpdr_code", max_length=30,
         help_zh="国家医保医师代码。", help_en="National insurance code of the doctor."),
    code("nurse_code", "责任护士代码", "Nurse's code", "resp_nurs_code", max_length=30),
)  # fmt: skip
