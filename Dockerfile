# One image for web and workers: compose.yaml says which half a container runs.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Pango draws the PDF documents; the fonts are for their text.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .
RUN python -m compileall -q oms orders inventory fulfillment returns b2b \
    && useradd --system --uid 1000 --home-dir /home/oms --create-home --shell /usr/sbin/nologin oms \
    && install -d -o oms -g oms -m 0750 /data

ENV OMS_HOME=/data PORT=8000
USER oms
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
