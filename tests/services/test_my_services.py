from __future__ import annotations

import datetime

import pytest
from factories import (
    make_catalogue,
    make_home,
    make_my_services,
    make_service,
    make_situation,
    make_unit,
)

pytestmark = pytest.mark.django_db


def test_my_services_is_useful_with_nothing_chosen(visitor):
    home = make_home()
    make_situation("Få barn")
    make_my_services(home)

    response = visitor.get("/mina-tjanster/")

    assert response.status_code == 200
    assert "Få barn" in response.text
    assert not response.cookies


def test_my_services_shows_services_of_the_choice_and_says_why(visitor):
    home = make_home()
    child, house = make_situation("Få barn"), make_situation("Bygga")
    unit = make_unit("Barn och utbildning")
    make_my_services(home)
    make_catalogue(home)
    make_service(
        "Ansök om förskola",
        situations=[child],
        unit=unit,
        deadlines=[{"label": "Sista dag", "date": datetime.date(2020, 1, 15), "is_yearly": True}],
    )
    make_service("Ansök om bygglov", situations=[house])

    visitor.get("/mina-tjanster/")
    answer = visitor.choose(child)
    response = visitor.get("/mina-tjanster/")

    assert answer.status_code == 303
    assert answer["Location"] == "/mina-tjanster/"
    assert "Ansök om förskola" in response.text
    assert "Ansök om bygglov" not in response.text
    assert "/tjanster/ansok-om-forskola/" in response.text
    assert "Sista dag" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]
