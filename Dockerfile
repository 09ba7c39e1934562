# The production image: web, worker, beat and commands, told apart by their command line.
FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes --requirement requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin cosell
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
# .dockerignore names what is copied.
COPY . .
# The values are needed to import the settings and stay in no layer.
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(64))") \
    SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid EMAIL_URL=console:// \
    DATABASE_URL=postgresql://build@build.invalid/build REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --no-input
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "deploy/healthcheck.py", "web"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind=0.0.0.0:8000"]
