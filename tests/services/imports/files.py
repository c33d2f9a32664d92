"""A file for each import, and how a test brings one."""

import pytest

from portal.db import Database
from portal.services.imports import (
    ImportRefused,
    ImportReport,
    import_accounts,
    import_entitlements,
    import_features,
    import_outcomes,
    import_people,
    import_quotas,
    import_terms,
    import_usage_days,
    import_volumes,
)
from portal.tenancy import system_scope
from tests.usage.sample import NOW

ACCOUNTS = b"""key,name,time_zone,tier,industry,region,seats,currency,arr,\
contract_start,contract_end,go_live
acme,Acme GmbH,Europe/Berlin,strategic,retail,north,40,EUR,12000.50,2026-01-01,2026-12-31,
globex,\xe7\x92\x83\xe5\x88\xa9,Asia/Shanghai,,,,,,,,,
"""
PEOPLE = b"""account,external_id,name,email,team,decision_role,active_from,active_until
acme,7,Ada,ada@acme.example,Sales,sponsor,2026-01-01,
acme,8,,,,,2026-02-01,2026-03-01
globex,7,Bo,,,,2026-01-01,
"""
FEATURES = b"""key,event,name_en,name_zh,module,core,kind,depth_target_per_week
orders,Order Created,Orders,\xe8\xae\xa2\xe5\x8d\x95,Core,yes,process,2.5
chat,Chat Opened,Chat,,,no,,
"""
ENTITLEMENTS = b"account,feature\nacme,orders\nacme,chat\nglobex,orders\n"
VOLUMES = b"""account,series,timestamp,value,id,name_en,unit
acme,orders,2026-02-01T23:30:00Z,5,a,Orders,pcs
acme,orders,2026-02-02T08:00:00+01:00,-1.5,b,,
globex,hours,2026-02-01T16:00:00Z,3,a,,h
"""
OUTCOMES = b"""account,day,outcome,amount,currency,note
acme,2026-01-31,renewed,12000.50,EUR,
globex,2026-01-15,left,,,They moved on
"""
QUOTAS = b"""edition,account,measure,amount
,acme,integration_calls,1000
,globex,volume:orders,12.5
"""
TERMS = """kind,key,name_en,name_zh_hans,name_zh_hant
module,Core,Heart,核心,
industry,retail,Shops,零售,零售業
region,north,,北方,
""".encode()
DAYS = b"""day,account,external_id,event,count,minutes
2026-02-01,acme,7,Order Created,5,2.5
2026-02-01,acme,7,,1,
2026-02-01,globex,7,Order Created,5,
"""
IMPORTS = {
    "account": (import_accounts, ACCOUNTS),
    "person": (import_people, PEOPLE),
    "feature": (import_features, FEATURES),
    "entitlement": (import_entitlements, ENTITLEMENTS),
    "outcome": (import_outcomes, OUTCOMES),
    "quota": (import_quotas, QUOTAS),
    "term": (import_terms, TERMS),
    "volume": (import_volumes, VOLUMES),
    "usage": (import_usage_days, DAYS),
}


def bring(
    database: Database, noun: str, data: bytes | None = None, *, dry_run: bool = False
) -> ImportReport:
    run, standard = IMPORTS[noun]
    with database.session(system_scope(NOW, "test"), writes=True) as session:
        return run(session, standard if data is None else data, dry_run=dry_run)


def bring_all(database: Database) -> None:
    for noun in IMPORTS:
        bring(database, noun)


def problems(database: Database, noun: str, data: bytes) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        bring(database, noun, data)
    return [str(error) for error in refused.value.errors]
