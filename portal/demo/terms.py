"""The cast's keys by name. Traditional Chinese follows from the simplified, but where Taiwan says
something else.
"""

from sqlalchemy.orm import Session

from portal.domain.terms import TermKind, Wording
from portal.services.terms import set_terms

MODULES = {
    "approvals": Wording("Approvals", "审批"),
    "control": Wording("Control and audit", "管控与审计"),
    "design": Wording("Design", "界面设计"),
    "insight": Wording("Insight", "数据洞察"),
    "integration": Wording("Integrations", "系统对接"),
}
INDUSTRIES = {
    "education": Wording("Education", "教育"),
    "energy": Wording("Energy", "能源"),
    "food": Wording("Food", "食品"),
    "health": Wording("Health care", "医疗健康"),
    "holding": Wording("Holding", "控股集团"),
    "hospitality": Wording("Hospitality", "酒店餐饮", "飯店餐飲"),
    "industry": Wording("Manufacturing", "制造业"),
    "insurance": Wording("Insurance", "保险"),
    "logistics": Wording("Logistics", "物流"),
    "law": Wording("Law", "法律服务"),
    "media": Wording("Media", "传媒"),
    "retail": Wording("Retail", "零售"),
    "science": Wording("Science", "科研"),
}
REGIONS = {
    "central": Wording("Central Europe", "中欧"),
    "east": Wording("East Asia", "东亚"),
    "north": Wording("Nordics", "北欧"),
    "south": Wording("Southern Europe", "南欧"),
    "west": Wording("West", "西区"),
}


def name_cast(session: Session) -> None:
    kinds = (
        (TermKind.MODULE, MODULES),
        (TermKind.INDUSTRY, INDUSTRIES),
        (TermKind.REGION, REGIONS),
    )
    named = {(kind.value, key): one for kind, some in kinds for key, one in some.items()}
    set_terms(session, named)
