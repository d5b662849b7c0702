# Holds what container/build.sh makes, and nothing else: container/build.sh && docker build -t messaging .
# README.md, "In a container", says which settings it needs.
FROM scratch
ADD artifacts/container/root.tar /
ENV Kestrel__Endpoints__Http__Url=http://0.0.0.0:8080 \
    Kestrel__Endpoints__Grpc__Url=http://0.0.0.0:8081 \
    Messaging__DataDirectory=/data \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532:65532
# An appsettings.json that is mounted here counts.
WORKDIR /etc/messaging
VOLUME /data
EXPOSE 8080 8081
ENTRYPOINT ["/app/Messaging.Api"]
