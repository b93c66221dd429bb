"""A certification authority that shares no code with ours: keys, certificates, CRLs by the `cryptography` library."""

import base64
from datetime import timedelta

from asn1crypto import keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

CURVES = {'P-256': ec.SECP256R1, 'P-384': ec.SECP384R1, 'P-521': ec.SECP521R1}


def make_key(kind):
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind]())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind))


def usage(**on):
    names = (
        'digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign '
        'crl_sign encipher_only decipher_only'
    ).split()
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})


class Holder:
    """A key with its certificate and the certificates above it, the next one first."""

    def __init__(self, key, certificate, above):
        self.key = key
        self.certificate = certificate
        self.above = above

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def base64(self):
        return base64.b64encode(self.der).decode()

    @property
    def asn1(self):
        return asn1_x509.Certificate.load(self.der)

    @property
    def asn1_key(self):
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def signer(self, **options):
        store = SimpleCertificateStore.from_certs([holder.asn1 for holder in self.above])
        return SimpleSigner(self.asn1, self.asn1_key, store, **options)

    def time_stamper(self, at):
        return DummyTimeStamper(
            self.asn1, self.asn1_key, certs_to_embed=[holder.asn1 for holder in self.above], fixed_dt=at
        )


class Authority:
    """A root, an issuing authority below it, and what it issued."""

    def __init__(self, name, now, key='2048'):
        self.now = now
        self.name = name
        self.root = self._make(f'{name} root', make_key(key), None, is_ca=True)
        self.issuing = self._make(f'{name} issuing', make_key(key), self.root, is_ca=True)

    def _make(self, common_name, key, issuer, is_ca=False, purposes=(), start=None, end=None, **names):
        subject = [x509.NameAttribute(NameOID.COUNTRY_NAME, 'VN')]
        if 'organization' in names:
            subject.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, names['organization']))
        if 'title' in names:
            subject.append(x509.NameAttribute(NameOID.TITLE, names['title']))
        subject.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
        subject = x509.Name(subject)
        start = start or self.now - timedelta(days=400)
        end = end or self.now + timedelta(days=3000 if is_ca else 900)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                usage(key_cert_sign=True, crl_sign=True)
                if is_ca
                else usage(digital_signature=True, content_commitment=not purposes),
                critical=True,
            )
        )
        if issuer:
            builder = builder.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        if issuer:
            # The addresses lead nowhere; pyHanko looks at evidence of a kind only where the certificate speaks of it.
            ocsp_access = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier('http://ocsp.foreign.example/')
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([ocsp_access]), critical=False)
            point = x509.DistributionPoint(
                [x509.UniformResourceIdentifier('http://crl.foreign.example/list.crl')], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=True)
        certificate = builder.sign((issuer.key if issuer else key), hashes.SHA256())
        return Holder(key, certificate, [issuer, *issuer.above] if issuer else [])

    def person(self, name, key='2048', **options):
        return self._make(name, make_key(key), self.issuing, title='Giám đốc', organization='Sở mẫu', **options)

    def agency(self, name, key='3072', **options):
        return self._make(name, make_key(key), self.issuing, organization=name, **options)

    def time_stamping(self, name):
        return self._make(name, make_key('2048'), self.issuing, purposes=[ExtendedKeyUsageOID.TIME_STAMPING])

    def crl(self, issuer, revoked=(), this_update=None, next_update=None):
        """The list of one issuer; `revoked` holds pairs of holder and time."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(this_update or self.now - timedelta(hours=1))
            .next_update(next_update or self.now + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        )
        for holder, at in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(holder.certificate.serial_number)
                .revocation_date(at)
                .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
                .build()
            )
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def crls(self, revoked=(), **times):
        """The lists of issuing authority and root, base64."""
        both = [self.crl(self.issuing, revoked, **times), self.crl(self.root, (), **times)]
        return [base64.b64encode(one).decode() for one in both]

    def ocsp(self, holder, revoked_at=None):
        """The word of the issuing authority itself about one certificate."""
        status = ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD
        response = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=holder.certificate,
                issuer=self.issuing.certificate,
                algorithm=hashes.SHA256(),
                cert_status=status,
                this_update=self.now - timedelta(hours=1),
                next_update=self.now + timedelta(days=7),
                revocation_time=revoked_at,
                revocation_reason=x509.ReasonFlags.key_compromise if revoked_at else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.issuing.certificate)
            .sign(self.issuing.key, hashes.SHA256())
        )
        return base64.b64encode(response.public_bytes(serialization.Encoding.DER)).decode()


