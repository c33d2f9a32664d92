FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates make python3 python3-venv \
    && useradd --system --home-dir /srv/paceline --shell /usr/sbin/nologin paceline

WORKDIR /opt/paceline
COPY . .
RUN make setup && rm -rf /root/.cache /var/lib/apt/lists/* \
    && install -d -o paceline -g paceline /srv/paceline

ENV PATH=/opt/paceline/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PACELINE_DATA_DIR=/srv/paceline \
    PACELINE_HOST=0.0.0.0
USER paceline
CMD ["paceline", "serve"]
