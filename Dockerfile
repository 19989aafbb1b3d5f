# The function's runtime image: one static binary, no shell, no root. "make package" makes the same image without Docker.
ARG GO_IMAGE=golang:1.26

FROM --platform=${BUILDPLATFORM} ${GO_IMAGE} AS build
WORKDIR /src

# Dependencies change less often than code.
COPY go.mod go.sum ./
COPY tools/upjet tools/upjet
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

COPY apis apis
COPY package package
COPY fn fn

ARG TARGETOS
ARG TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -buildvcs=false -ldflags="-s -w" -o /function ./fn

FROM scratch
COPY --from=build /function /function

ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="function-payment-delivery-pipeline" \
      org.opencontainers.image.description="Composes a blue-green delivery pipeline on AWS for one Lambda payment service." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/paymentdelivery/function-payment-delivery-pipeline" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# gRPC.
EXPOSE 9443

USER 65532:65532
ENTRYPOINT ["/function"]
