# DAppsでの送信リクエスト (例)
import requests

transaction_data = {
    "sender": "A",
    "sender_municipality": "Asia-Komatsu",
    "receiver": "B",
    "receiver_municipality": "Asia-Kanazawa",
    "amount": 200,
    "continent": "Asia",
    # その他必要なフィールドを追加
}

response = requests.post("http://localhost:2001/send", json=transaction_data)
print(response.json())
