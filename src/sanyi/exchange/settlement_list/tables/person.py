"""清单列（一）: keys, person, contact, insurance, newborn and special outpatient fields of ``setlinfo``."""

from sanyi.exchange.settlement_list import codes
from sanyi.exchange.settlement_list.tables.forms import code, count, day, instant, text

KEYS = (
    code("settlement_id", "结算ID", "Settlement ID", "setl_id", is_required=True, max_length=40,
         help_zh="医保结算返回的编号，同一机构内唯一。",
         help_en="The number the settlement was given; unique in the institution."),
    code("visit_id", "就诊ID", "Visit ID", "mdtrt_id", is_required=True, max_length=40,
         help_zh="医保登记返回的就诊编号。", help_en="The number the visit was given at registration."),
    code("institution_code", "定点医药机构编码", "Institution code", "fixmedins_code", is_required=True,
         pattern="[A-Z0-9]{12}", help_zh="国家医保12位编码，例如H14083000001。",
         help_en="The national code of 12 characters, for example H14083000001."),
    text("institution_name", "定点医药机构名称", "Institution name", "fixmedins_name", max_length=200,
         help_zh="以编码为准。", help_en="The code decides."),
    code("settlement_level_code", "医保结算等级", "Settlement level", "hi_setl_lv", choices=codes.SETTLEMENT_LEVEL),
    code("medical_record_number", "病案号", "Medical record number", "medcasno", is_required=True, max_length=50,
         help_zh="本机构住院病案号。", help_en="The institution's number of the record."),
    instant("declared_at", "申报时间", "Declared at", "dcla_time"),
)  # fmt: skip

PERSON = (
    text("person_name", "姓名", "Name", "psn_name", is_personal=True, max_length=50,
         help_zh="按证件填写；不进入数据湖。", help_en="As on the certificate; it does not enter the lake."),
    count("sex", "性别", "Sex", "gend", is_required=True, choices=codes.SEX, help_zh="1男，2女。",
          help_en="1 male, 2 female."),
    day("born_on", "出生日期", "Date of birth", "brdy", is_required=True),
    count("age_years", "年龄", "Age in years", "age", unit="岁", minimum=0, maximum=130,
          help_zh="入院时的实足年龄；不足1周岁的留空，填“不足1周岁年龄”。",
          help_en="Completed years at admission; empty below one year."),
    count("age_days", "不足1周岁年龄", "Age in days", "nwb_age", unit="天", minimum=0, maximum=366,
          help_zh="入院时不足1周岁的填实足天数，例如出生3天填3。",
          help_en="Completed days at admission for a child under one year, for example 3."),
    code("nationality_code", "国籍", "Nationality", "ntly", max_length=10, help_zh="GB/T 2659，例如CHN。",
         help_en="GB/T 2659, for example CHN."),
    code("ethnicity_code", "民族", "Ethnicity", "naty", max_length=10, help_zh="GB/T 3304，例如01（汉族）。",
         help_en="GB/T 3304, for example 01."),
    code("certificate_type_code", "患者证件类别", "Kind of certificate", "patn_cert_type", is_required=True,
         choices=codes.CERTIFICATE_TYPE),
    code("certificate_number", "患者证件号码", "Certificate number", "certno", is_required=True, is_personal=True,
         max_length=50, help_zh="身份证18位，末位可为X；只以加密查询键保存。",
         help_en="18 characters for an identity card; kept as a keyed digest only."),
    code("occupation_code", "职业", "Occupation", "prfs", max_length=10),
    text("current_address", "现住址", "Present address", "curr_addr", is_personal=True, max_length=300),
    text("employer_name", "工作单位名称", "Employer", "emp_name", is_personal=True, max_length=200),
    text("employer_address", "工作单位地址", "Employer's address", "emp_addr", is_personal=True, max_length=300),
    text("employer_phone", "工作单位电话", "Employer's telephone", "emp_tel", is_personal=True, max_length=50),
    text("postcode", "邮编", "Postcode", "poscode", is_personal=True, max_length=10),
    text("contact_name", "联系人姓名", "Contact", "coner_name", is_personal=True, max_length=50),
    code("contact_relationship_code", "与患者关系", "Contact's relationship", "patn_rlts", max_length=10),
    text("contact_address", "联系人地址", "Contact's address", "coner_addr", is_personal=True, max_length=300),
    text("contact_phone", "联系人电话", "Contact's telephone", "coner_tel", is_personal=True, max_length=50),
)  # fmt: skip

INSURANCE = (
    code("insurance_type_code", "医保类型", "Insurance type", "hi_type", is_required=True,
         choices=codes.INSURANCE_TYPE, help_zh="职工310，居民390。", help_en="310 employees, 390 residents."),
    code("insurance_number", "医保编号", "Insurance number", "hi_no", is_personal=True, max_length=50),
    code("insured_place_code", "参保地", "Place of insurance", "insuplc", is_required=True, pattern="[0-9]{6,12}",
         help_zh="参保地医保区划代码，6位。", help_en="The 6-digit division code of the insurance."),
    code("special_person_type_code", "特殊人员类型", "Special person type", "sp_psn_type", max_length=10),
)  # fmt: skip

NEWBORN = (
    code("newborn_admission_type_code", "新生儿入院类型", "Newborn admission type", "nwb_adm_type",
         choices=codes.NEWBORN_ADMISSION_TYPE),
    count("newborn_birth_weight_grams", "新生儿出生体重", "Newborn birth weight", "nwb_bir_wt", unit="克",
          minimum=100, maximum=9999, help_zh="以克为单位，精确到10克。", help_en="In grams, to the nearest 10."),
    count("newborn_admission_weight_grams", "新生儿入院体重", "Newborn admission weight", "nwb_adm_wt", unit="克",
          minimum=100, maximum=9999, help_zh="以克为单位，精确到10克；28天内入院的须填写。",
          help_en="In grams, to the nearest 10; needed for admissions in the first 28 days."),
)  # fmt: skip

SPECIAL_OUTPATIENT = (
    code("special_outpatient_department_code", "门诊慢特病诊断科别", "Special outpatient department",
         "opsp_diag_caty", max_length=30),
    day("special_outpatient_visit_on", "门诊慢特病就诊日期", "Special outpatient visit", "opsp_mdtrt_date"),
)  # fmt: skip
