"""Nine people in nine locales, for tests."""

from kith.kernel.viewer import Viewer

US = Viewer("en", "America/New_York", "en_US", "USD", "US")
GB = Viewer("en", "Europe/London", "en_GB", "GBP", "GB")
FI = Viewer("fi", "Europe/Helsinki", "fi_FI", "EUR", "FI")
SI = Viewer("sl", "Europe/Ljubljana", "sl_SI", "EUR", "SI")
IR = Viewer("fa", "Asia/Tehran", "fa_IR", "IRR", "IR")
CN = Viewer("zh-hans", "Asia/Shanghai", "zh_Hans_CN", "CNY", "CN")
DE = Viewer("en", "Europe/Berlin", "de_DE", "EUR", "DE")
EG = Viewer("en", "Africa/Cairo", "ar_EG", "EGP", "EG")
BR = Viewer("en", "America/Sao_Paulo", "pt_BR", "BRL", "BR")
EVERYBODY = [US, GB, FI, SI, IR, CN, DE, EG, BR]
