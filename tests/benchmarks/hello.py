"""The least that Flask does for a page."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    return "Hello"


@app.get("/healthz")
def healthy() -> str:
    return "ok"
