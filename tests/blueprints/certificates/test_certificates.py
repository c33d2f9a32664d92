"""The public check page, the PDF and the withdrawal."""

from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
from sqlalchemy import update

from portal.models import Certificate
from portal.tenancy import system_scope
from tests.apps import Door
from tests.security.objects import Objects, make_objects
from tests.security.owned.training import CODES
from tests.world import JONAS, MARA, NOW

CODE = CODES["osk"]


@pytest.fixture
def objects(door: Door) -> Objects:
    return make_objects(door.world)


def change(door: Door, **values: object) -> None:
    with door.world.database.session(system_scope(NOW, "test"), writes=True) as session:
        session.execute(update(Certificate).where(Certificate.code == CODE).values(**values))
        session.commit()


@pytest.mark.usefixtures("objects")
def test_however_it_is_typed_the_number_is_found(door: Door) -> None:
    visitor = door.visitor()
    typed = CODE.lower().replace("-", " ").replace("0", "o", 1)
    found = visitor.get("/certificates", query_string={"code": typed})
    assert found.headers["Location"].endswith(f"/certificates/{CODE}")
    assert "genuine and valid" in visitor.get(f"/certificates/{CODE}").get_data(as_text=True)


@pytest.mark.parametrize("typed", ["x", "K7QM-2XVD-9HTR-4WP", "' OR 1=1 --", "\u0000"])
def test_what_can_be_no_number_is_said(door: Door, typed: str) -> None:
    response = door.visitor().get("/certificates", query_string={"code": typed})
    assert response.status_code == 422
    assert "sixteen letters and digits" in response.get_data(as_text=True)


def test_a_number_that_nobody_gave_is_nothing(door: Door) -> None:
    assert door.visitor().get("/certificates/K7QM-2XVD-9HTR-4WPB").status_code == 404


@pytest.mark.usefixtures("objects")
def test_an_expired_one_says_so(door: Door) -> None:
    change(door, issued_on=date(2024, 1, 1), expires_on=date(2025, 1, 1))
    page = door.visitor().get(f"/certificates/{CODE}").get_data(as_text=True)
    assert "has expired" in page
    change(door, expires_on=date.today() + timedelta(days=2))  # noqa: DTZ011 # the page's own clock
    assert "genuine and valid" in door.visitor().get(f"/certificates/{CODE}").get_data(as_text=True)


@pytest.mark.usefixtures("objects")
def test_a_withdrawn_one_says_so_and_why_is_not_said(door: Door) -> None:
    address = f"/certificates/{CODE}"
    assert door.sign_in(JONAS).post(f"{address}/withdrawal").status_code == 404
    mara = door.sign_in(MARA)
    assert mara.post(f"{address}/withdrawal", data={"reason": "Copied"}).status_code == 302
    page = door.visitor().get(address).get_data(as_text=True)
    assert "was withdrawn" in page
    assert "Copied" not in page
    assert door.visitor().get(f"{address}/en.pdf").status_code == 404
    mara.post(f"{address}/withdrawal", data={"reason": "Again"})
    assert "withdrawn already" in mara.get(address).get_data(as_text=True)


@pytest.mark.usefixtures("objects")
def test_the_pdf_is_one_page_and_says_what_the_page_says(door: Door) -> None:
    response = door.visitor().get(f"/certificates/{CODE}/zh-Hans.pdf")
    assert response.mimetype == "application/pdf"
    reader = pypdf.PdfReader(BytesIO(response.data))
    assert len(reader.pages) == 1
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert width > height
    assert CODE in reader.pages[0].extract_text()
