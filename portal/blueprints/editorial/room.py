from flask import Blueprint

blueprint = Blueprint("editorial", __name__, url_prefix="/editorial", template_folder="templates")
